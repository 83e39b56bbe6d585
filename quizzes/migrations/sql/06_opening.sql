-- A run starts only on a quiz that is open: published, in its time, below its limit. Asked of the quiz and not of the
-- version, so that a version published while somebody presses Start costs them nothing. Three look-ups by primary key when
-- a run starts (never at a step), as the caller, who may read all of it. The site asks the same before it shows a Start
-- button; this also binds whatever it forgets. Nothing is locked, so an editor never holds a customer up:
-- Race: two who start while one completion is left both may, and both may finish. A limit is a promise about when to stop
-- inviting, not about the last place; a lock that made it exact would make every start of a quiz wait for every other.
CREATE FUNCTION refuse_start() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.quizzes_quizversion version
          JOIN public.quizzes_quiz quiz ON quiz.id = version.quiz_id
          LEFT JOIN public.quizzes_tally tally ON tally.quiz_id = quiz.id
         WHERE version.id = NEW.version_id AND quiz.live_version_id IS NOT NULL
           AND (quiz.opens_at IS NULL OR quiz.opens_at <= statement_timestamp())
           AND (quiz.closes_at IS NULL OR quiz.closes_at > statement_timestamp())
           AND (quiz.completion_limit IS NULL OR coalesce(tally.completed_count, 0) < quiz.completion_limit)
    ) THEN
        RAISE EXCEPTION 'the quiz is not open' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_start() FROM PUBLIC;
ALTER FUNCTION refuse_start() OWNER TO proffer_functions;
CREATE TRIGGER run_starts_while_open BEFORE INSERT ON quizzes_run FOR EACH ROW EXECUTE FUNCTION refuse_start();

-- Every published quiz has its tally before anybody finishes it: making the row would wait for whoever edits the quiz, as
-- its foreign key locks the quiz for a moment; counting it up does not. Publishing makes those of later quizzes.
-- (Row security hides runs from this migration; what was finished before there were limits is not counted.)
INSERT INTO quizzes_tally (quiz_id, completed_count) SELECT DISTINCT quiz_id, 0 FROM quizzes_quizversion;
