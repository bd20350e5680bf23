/**
 * Every operation that the fake knows, by its id in GitHub's description, with the permissions of which a
 * token needs one (GitHub's "Permissions required for GitHub Apps").
 */
import type { Need, Route } from './call.ts';
import { downloadArtifact, getArtifact, listArtifacts, listArtifactsOfRun } from './endpoints/artifacts.ts';
import {
  createComment,
  deleteComment,
  getComment,
  listComments,
  updateComment,
} from './endpoints/comments.ts';
import { compareCommits, getCommitWithDetails, listCommits } from './endpoints/commits.ts';
import { getPermissionOfUser } from './endpoints/collaborators.ts';
import { getContent } from './endpoints/contents.ts';
import { getEnvironment, listEnvironments } from './endpoints/environments.ts';
import {
  createBlob,
  createCommit,
  createTag,
  createTree,
  getBlob,
  getCommit,
  getTag,
  getTree,
} from './endpoints/git-database.ts';
import { getPull, listPulls, listPullsOfCommit } from './endpoints/pulls.ts';
import { createRef, getRef, listMatchingRefs, removeRef, updateRef } from './endpoints/refs.ts';
import { createRelease, getReleaseByTag, listReleases } from './endpoints/releases.ts';
import { getRepository } from './endpoints/repositories.ts';
import { getRun, listApprovals, listRuns, listRunsOfWorkflow } from './endpoints/runs.ts';
import { createStatus, getCombinedStatus, listStatuses } from './endpoints/statuses.ts';

const READ_CONTENTS: Need = [{ name: 'contents', level: 'read' }];
const WRITE_CONTENTS: Need = [{ name: 'contents', level: 'write' }];
const READ_ACTIONS: Need = [{ name: 'actions', level: 'read' }];
const READ_PULLS: Need = [{ name: 'pull_requests', level: 'read' }];
const READ_STATUSES: Need = [{ name: 'statuses', level: 'read' }];
const WRITE_STATUSES: Need = [{ name: 'statuses', level: 'write' }];
const READ_COMMENTS: Need = [
  { name: 'issues', level: 'read' },
  { name: 'pull_requests', level: 'read' },
];
const WRITE_COMMENTS: Need = [
  { name: 'issues', level: 'write' },
  { name: 'pull_requests', level: 'write' },
];
/** Metadata, which every token may read. */
const NOTHING: Need = [];

export const ROUTES: Readonly<Record<string, Route>> = {
  'repos/get': { handler: getRepository, needs: NOTHING },
  'repos/get-collaborator-permission-level': { handler: getPermissionOfUser, needs: NOTHING },
  'git/get-ref': { handler: getRef, needs: READ_CONTENTS },
  'git/list-matching-refs': { handler: listMatchingRefs, needs: READ_CONTENTS },
  'git/create-ref': { handler: createRef, needs: WRITE_CONTENTS },
  'git/update-ref': { handler: updateRef, needs: WRITE_CONTENTS },
  'git/delete-ref': { handler: removeRef, needs: WRITE_CONTENTS },
  'git/get-blob': { handler: getBlob, needs: READ_CONTENTS },
  'git/create-blob': { handler: createBlob, needs: WRITE_CONTENTS },
  'git/get-tree': { handler: getTree, needs: READ_CONTENTS },
  'git/create-tree': { handler: createTree, needs: WRITE_CONTENTS },
  'git/get-commit': { handler: getCommit, needs: READ_CONTENTS },
  'git/create-commit': { handler: createCommit, needs: WRITE_CONTENTS },
  'git/get-tag': { handler: getTag, needs: READ_CONTENTS },
  'git/create-tag': { handler: createTag, needs: WRITE_CONTENTS },
  'repos/get-content': { handler: getContent, needs: READ_CONTENTS },
  'repos/list-commits': { handler: listCommits, needs: READ_CONTENTS },
  'repos/get-commit': { handler: getCommitWithDetails, needs: READ_CONTENTS },
  'repos/compare-commits-with-basehead': { handler: compareCommits, needs: READ_CONTENTS },
  'repos/list-pull-requests-associated-with-commit': { handler: listPullsOfCommit, needs: READ_PULLS },
  'repos/create-release': { handler: createRelease, needs: WRITE_CONTENTS },
  'repos/get-release-by-tag': { handler: getReleaseByTag, needs: READ_CONTENTS },
  'repos/list-releases': { handler: listReleases, needs: READ_CONTENTS },
  'pulls/get': { handler: getPull, needs: READ_PULLS },
  'pulls/list': { handler: listPulls, needs: READ_PULLS },
  'issues/list-comments': { handler: listComments, needs: READ_COMMENTS },
  'issues/create-comment': { handler: createComment, needs: WRITE_COMMENTS },
  'issues/get-comment': { handler: getComment, needs: READ_COMMENTS },
  'issues/update-comment': { handler: updateComment, needs: WRITE_COMMENTS },
  'issues/delete-comment': { handler: deleteComment, needs: WRITE_COMMENTS },
  'repos/create-commit-status': { handler: createStatus, needs: WRITE_STATUSES },
  'repos/list-commit-statuses-for-ref': { handler: listStatuses, needs: READ_STATUSES },
  'repos/get-combined-status-for-ref': { handler: getCombinedStatus, needs: READ_STATUSES },
  'actions/get-workflow-run': { handler: getRun, needs: READ_ACTIONS },
  'actions/list-workflow-runs': { handler: listRunsOfWorkflow, needs: READ_ACTIONS },
  'actions/list-workflow-runs-for-repo': { handler: listRuns, needs: READ_ACTIONS },
  'actions/get-reviews-for-run': { handler: listApprovals, needs: READ_ACTIONS },
  'actions/list-workflow-run-artifacts': { handler: listArtifactsOfRun, needs: READ_ACTIONS },
  'actions/list-artifacts-for-repo': { handler: listArtifacts, needs: READ_ACTIONS },
  'actions/get-artifact': { handler: getArtifact, needs: READ_ACTIONS },
  'actions/download-artifact': { handler: downloadArtifact, needs: READ_ACTIONS },
  'repos/get-environment': { handler: getEnvironment, needs: READ_ACTIONS },
  'repos/get-all-environments': { handler: listEnvironments, needs: READ_ACTIONS },
};
